package io.ipcboot.messaging;

import io.ipcboot.channel.Content;

/**
 * A value as it travels.
 *
 * @param content how to read the bytes
 * @param bytes the bytes; not to be changed
 */
record Payload(Content content, byte[] bytes) {

	static final Payload NULL = new Payload(Content.NULL, new byte[0]);

}
