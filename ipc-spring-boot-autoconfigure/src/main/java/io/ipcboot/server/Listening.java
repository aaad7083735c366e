package io.ipcboot.server;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link ListenRequest}.
 *
 * @param host the numeric address, or {@code null} for all addresses
 * @param port the port, which is never 0
 */
record Listening(@Nullable String host, int port) {

}
