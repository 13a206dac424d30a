// Stands where rolldown looks for its native binding (21 MB). vitest's server loads the bundler, but campaigns are imported by
// Node itself, so all that is ever asked of it is: do your plugins want to see this file? No. Anything else says what is missing.
class NativePlugin {
  /** No hook of the plugin has a place in any order. */
  getOrder() {
    return null;
  }
  /** Asked for vite's default entry, index.html; the real one finds nothing either. */
  async resolveId() {
    return null;
  }
}

const known = {
  BindingCallableBuiltinPlugin: NativePlugin,
  // Base classes: extended and given methods while rolldown loads, never made.
  TsconfigCache: class {},
  BindingMagicString: class {},
  initTraceSubscriber: () => null,
};

function missing(name) {
  return () => {
    throw new Error(
      `rolldown.${name}: the image of charter-runner carries no bundler; campaigns are TypeScript that Node runs by itself`,
    );
  };
}

module.exports = new Proxy(known, {
  get: (exported, name) =>
    name in exported || typeof name !== 'string' || !/^[a-z]/.test(name) ? exported[name] : missing(name),
});
