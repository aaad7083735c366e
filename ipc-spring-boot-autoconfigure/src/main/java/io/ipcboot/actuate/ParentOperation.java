package io.ipcboot.actuate;

import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.ipcboot.ParentProcess;
import io.ipcboot.actuate.EndpointOffer.OperationOffer;
import io.ipcboot.actuate.OperationAnswer.Form;
import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.RemoteHandlerException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.WebOperationRequestPredicate;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;

/**
 * An operation of a web endpoint of the parent, in a worker.
 */
final class ParentOperation implements WebOperation {

	private static final Log logger = LogFactory.getLog(ParentOperation.class);

	/** A parent that says nothing for so long does not answer. */
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final int MAX_ROLES = 100;

	/** The roles that the parent has asked for. */
	private final Set<String> roles = ConcurrentHashMap.newKeySet();

	private final ParentProcess parent;

	private final String endpoint;

	private final OperationOffer offer;

	private final Set<Class<?>> formats;

	/**
	 * @param formats the types from which the operation chooses by the header
	 * {@code Accept}
	 */
	ParentOperation(ParentProcess parent, String endpoint, OperationOffer offer, Set<Class<?>> formats) {
		this.parent = parent;
		this.endpoint = endpoint;
		this.offer = offer;
		this.formats = formats;
	}

	@Override
	public String getId() {
		return this.offer.id();
	}

	@Override
	public OperationType getType() {
		return this.offer.type();
	}

	@Override
	public boolean isBlocking() {
		return true;
	}

	@Override
	public WebOperationRequestPredicate getRequestPredicate() {
		return this.offer.predicate();
	}

	@Override
	public @Nullable Object invoke(InvocationContext context) {
		OperationAnswer answer = ask(context);
		for (int i = 0; i < MAX_ROLES && answer.form() == Form.ROLE && answer.detail() != null; i++) {
			this.roles.add(answer.detail());
			answer = ask(context);
		}
		return answer.toResult();
	}

	private OperationAnswer ask(InvocationContext context) {
		try {
			return this.parent.destination(OperationRequest.DESTINATION)
				.message(request(context))
				.deadline(PATIENCE)
				.call(OperationAnswer.class);
		}
		catch (RemoteHandlerException ex) {
			throw ex;
		}
		catch (IpcException ex) {
			logger.debug("The parent does not answer a request for '%s'".formatted(getId()), ex);
			return OperationAnswer.problem(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE,
					"The parent of this worker does not answer%n".formatted());
		}
	}

	private OperationRequest request(InvocationContext context) {
		WebServerNamespace namespace = context.resolveArgument(WebServerNamespace.class);
		Map<String, String> wanted = new HashMap<>();
		for (Class<?> format : this.formats) {
			if (context.resolveArgument(format) instanceof Enum<?> constant) {
				wanted.put(format.getName(), constant.name());
			}
		}
		SecurityContext security = context.resolveArgument(SecurityContext.class);
		Principal user = (security != null) ? security.getPrincipal() : null;
		Map<String, Boolean> granted = new HashMap<>();
		if (security != null) {
			// as an endpoint of this process would decide
			this.roles.forEach((role) -> granted.put(role, Show.WHEN_AUTHORIZED.isShown(security, Set.of(role))));
		}
		return new OperationRequest(this.endpoint, this.offer, new LinkedHashMap<>(context.getArguments()),
				(namespace != null) ? namespace.getValue() : WebServerNamespace.SERVER.getValue(), wanted,
				(user != null) ? user.getName() : null, granted);
	}

}
