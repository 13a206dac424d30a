// Loaded into a run by --import: its clock jumps back and forth by minutes, as a node's does whose time is corrected.
const real = Date.now;
const [afterMs, byMs] = (process.env.NEMESIS_CLOCK ?? '0:0').split(':').map(Number);
const startedAt = real();
const shift = () => {
  const passed = real() - startedAt;
  return passed < afterMs ? 0 : Math.floor((passed - afterMs) / 700) % 2 === 0 ? byMs : -byMs;
};
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [real() + shift()] : given));
  }

  static now() {
    return real() + shift();
  }
};
