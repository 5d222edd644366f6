export { QueueMode, type Part, type QueueModeOptions } from './queue-mode.mts';
export { missingServices } from './programs.mts';
