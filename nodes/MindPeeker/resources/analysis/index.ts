import type { Resource } from '../../operation';
import { submit } from './submit';

export const analysis: Resource = { value: 'analysis', name: 'Analysis', operations: [submit] };
