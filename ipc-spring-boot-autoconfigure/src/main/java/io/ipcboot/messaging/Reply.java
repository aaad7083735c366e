package io.ipcboot.messaging;

import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The reply to a call, and the process that gave it.
 *
 * @param body the value that the listener returned
 * @param from the process that the listener runs in
 * @param <T> the type of the value
 */
public record Reply<T extends @Nullable Object>(T body, PeerId from) {

}
