// The process of the worker. It is forked before vitest itself is loaded, and loads what campaigns are made of while vitest starts.
import { init, runBaseTests, setupEnvironment } from 'vitest/worker';
import '../../campaign/index.ts';

// Campaigns may put other things in their place.
const post = process.send?.bind(process);
const exit = process.exit.bind(process);
const on = process.on.bind(process);
const off = process.off.bind(process);
if (post === undefined) throw new Error('the worker is forked by `charter run`');

on('disconnect', () => exit(1));

init({
  post: (message) => post(message),
  on: (listener) => on('message', listener),
  off: (listener) => off('message', listener),
  runTests: (state, traces) => runBaseTests('run', state, traces),
  collectTests: (state, traces) => runBaseTests('collect', state, traces),
  setup: setupEnvironment,
  teardown: () => {
    process.exit = exit;
  },
});
