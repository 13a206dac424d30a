// For tests of this room and of others.
export { type TestApiServer, type TestUser, testApiServer, testUsers } from './api-server.ts';
export { type CutWire, cutWire } from './cut-wire.ts';
export { eventually } from './eventually.ts';
export { type FakeClock, fakeClock } from './fake-clock.ts';
export { answerJson, type Script, type ScriptedServer, scriptedServer } from './scripted-server.ts';
export { type ApiServerStage, describeWithApiServer } from './with-api-server.ts';
