package io.ipcboot.server;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link ListenRequest}.
 *
 * @param host the address in numbers, or {@code null} for all of them
 * @param port the real port
 */
record Listening(@Nullable String host, int port) {

}
