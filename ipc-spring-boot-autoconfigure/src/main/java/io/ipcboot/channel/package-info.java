/**
 * Bytes and frames: framing, ordering, batching and backpressure between two peers.
 */
@NullMarked
package io.ipcboot.channel;

import org.jspecify.annotations.NullMarked;
