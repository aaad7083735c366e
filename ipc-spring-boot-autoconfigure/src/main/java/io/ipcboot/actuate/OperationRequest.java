package io.ipcboot.actuate;

import java.security.Principal;
import java.util.List;
import java.util.Map;

import io.ipcboot.actuate.EndpointOffer.OperationOffer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationArgumentResolver;
import org.springframework.boot.actuate.endpoint.ProducibleOperationArgumentResolver;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;

/**
 * A request for an operation of an endpoint, on its way from a worker to its parent.
 *
 * @param endpoint the id of the endpoint
 * @param operation the operation, as the parent has described it
 * @param arguments the arguments by their names: text, or lists of text
 * @param namespace the web server that got the request
 * @param formats the formats that the client prefers, by the names of their types
 * @param user the name of the user, or {@code null} if there is no user
 * @param roles for each role that the parent has asked for, whether the user has it
 */
record OperationRequest(String endpoint, OperationOffer operation, Map<String, Object> arguments, String namespace,
		Map<String, String> formats, @Nullable String user, Map<String, Boolean> roles) {

	/** The destination where workers ask for an operation. */
	static final String DESTINATION = "ipc.endpoints.operation";

	/** Return whether an operation chooses a format from a type. */
	static boolean isFormat(Class<?> type) {
		return FormatResolver.DEFAULT.canResolve(type);
	}

	InvocationContext toContext() {
		return new InvocationContext(new Caller(this.user, this.roles), this.arguments,
				OperationArgumentResolver.of(WebServerNamespace.class, () -> WebServerNamespace.from(this.namespace)),
				new FormatResolver(this.formats));
	}

	/**
	 * The user that sent the request to the worker, which has authenticated the user.
	 */
	private record Caller(@Nullable String name, Map<String, Boolean> roles) implements SecurityContext {

		@Override
		public @Nullable Principal getPrincipal() {
			return (this.name != null) ? new User(this.name) : null;
		}

		@Override
		public boolean isUserInRole(String role) {
			Boolean answer = this.roles.get(role);
			if (answer == null) {
				throw new UnknownRoleException(role);
			}
			return answer;
		}

	}

	/**
	 * The user, without credentials.
	 */
	private record User(String name) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

	/**
	 * Resolves the format of an answer as the worker has.
	 */
	private record FormatResolver(Map<String, String> formats) implements OperationArgumentResolver {

		static final ProducibleOperationArgumentResolver DEFAULT = new ProducibleOperationArgumentResolver(List::of);

		@Override
		public boolean canResolve(Class<?> type) {
			return DEFAULT.canResolve(type);
		}

		@Override
		public <T> @Nullable T resolve(Class<T> type) {
			String wanted = this.formats.get(type.getName());
			for (T format : type.getEnumConstants()) {
				if (((Enum<?>) format).name().equals(wanted)) {
					return format;
				}
			}
			return DEFAULT.resolve(type);
		}

	}

	/**
	 * Thrown because only the worker knows whether the user has a role.
	 */
	static final class UnknownRoleException extends RuntimeException {

		private final String role;

		UnknownRoleException(String role) {
			super("It is not known whether the user has the role '" + role + "'");
			this.role = role;
		}

		String role() {
			return this.role;
		}

	}

}
