import type { Resource } from '../../operation';
import { verify } from './verify';

export const event: Resource = { value: 'event', name: 'Event', operations: [verify] };
