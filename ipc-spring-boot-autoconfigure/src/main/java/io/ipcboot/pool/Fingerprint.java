package io.ipcboot.pool;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * What makes two messages the same: the destination and the caller's key, or without a
 * key the payload.
 */
record Fingerprint(String destination, String identity) {

	private static final int DIGEST_BYTES = 12;

	static Fingerprint of(String destination, @Nullable String key, byte[] payload) {
		return new Fingerprint(destination, (key != null) ? "key " + key : "payload " + digest(payload));
	}

	private static String digest(byte[] payload) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(payload);
			return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	@Override
	public String toString() {
		return this.destination + ", " + this.identity;
	}

}
