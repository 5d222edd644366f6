export { QueueMode, type Part } from './queue-mode.mts';
export { missingServices } from './programs.mts';
