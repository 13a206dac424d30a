export { CharterError, type CharterErrorOptions } from './charter-error.ts';
export { type Code, type CodeEntry, codes } from './codes.ts';
export { errorList } from './errors-page.ts';
export { wordsOf } from './words-of.ts';
