// A run begins sooner than the network of its new Pod: policies and DNS come a moment after its first process.

/**
 * Milliseconds in the life of a process, by performance.now(), until which nobody who cannot be reached is believed to be away. What a new
 * Pod's network took at most, with much to spare; a process that is in no Pod has its network.
 */
export const networkSettledMs = process.env.KUBERNETES_SERVICE_HOST === undefined ? 0 : 5_000;
