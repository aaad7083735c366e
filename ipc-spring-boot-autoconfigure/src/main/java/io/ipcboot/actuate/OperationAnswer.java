package io.ipcboot.actuate;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * The answer of an operation of an endpoint, on its way from the parent to a worker,
 * whose web framework writes it as it would write the result of an operation of its own.
 *
 * @param form what the answer is
 * @param status the HTTP status
 * @param type the content type, or {@code null} if the client decides
 * @param body the body, or {@code null}
 * @param detail the role that the parent asks for, or why it refuses the request
 */
record OperationAnswer(Form form, int status, @Nullable String type, byte @Nullable [] body, @Nullable String detail) {

	static OperationAnswer of(Form form, @Nullable String detail) {
		return new OperationAnswer(form, 0, null, null, detail);
	}

	/** Return an answer of this library itself. */
	static OperationAnswer problem(int status, String text) {
		return new OperationAnswer(Form.TEXT, status, MimeTypeUtils.TEXT_PLAIN_VALUE,
				text.getBytes(StandardCharsets.UTF_8), null);
	}

	/**
	 * Return what an operation returns.
	 * @throws InvalidEndpointRequestException if the parent refuses the request
	 */
	@Nullable Object toResult() {
		byte[] content = (this.body != null) ? this.body : new byte[0];
		return switch (this.form) {
			case NOTHING -> null;
			case EMPTY -> response(null);
			case TEXT -> response(new String(content, StandardCharsets.UTF_8));
			case BYTES -> response(content);
			case RESOURCE -> response(new ByteArrayResource(content));
			case REFUSED -> throw new InvalidEndpointRequestException("The parent refuses the request: " + this.detail,
					this.detail);
			case ROLE -> throw new IllegalStateException("The parent asks for too many roles");
		};
	}

	private WebEndpointResponse<?> response(@Nullable Object content) {
		return new WebEndpointResponse<>(content, this.status,
				(this.type != null) ? MimeType.valueOf(this.type) : null);
	}

	/**
	 * What an answer is. A web framework writes text, bytes and files in different ways.
	 */
	enum Form {

		/** The operation returned nothing. */
		NOTHING,

		/** A status without a body. */
		EMPTY,

		/** Text. */
		TEXT,

		/** Bytes, or what has been written as JSON. */
		BYTES,

		/** A file, of which a client may want a part. */
		RESOURCE,

		/** The request makes no sense. */
		REFUSED,

		/** The operation depends on a role of the user. */
		ROLE

	}

}
