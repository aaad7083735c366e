/**
 * Peers that send messages to each other and call each other's listeners.
 */
@NullMarked
package io.ipcboot.messaging;

import org.jspecify.annotations.NullMarked;
