export { type OperatorOptions, runOperator } from './operator.ts';
export { type Environment, type Flags, type Settings, settingsOf } from './settings.ts';
