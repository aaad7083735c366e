package io.ipcboot.actuate;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.ipcboot.ParentProcess;
import io.ipcboot.actuate.EndpointOffer.OperationOffer;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.annotation.AbstractDiscoveredOperation;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.function.SingletonSupplier;

/**
 * The web endpoints of a worker that serves the application's port: those of its parent,
 * which answers the requests. So all processes of the port give the same answers, also
 * for endpoints that only the parent has.
 */
public final class ParentEndpoints implements WebEndpointsSupplier {

	private final SingletonSupplier<Collection<ExposableWebEndpoint>> endpoints;

	/**
	 * Create the endpoints. The parent is asked for them when they are first needed.
	 * @param parent the parent
	 * @param own the endpoints of this worker, which tell what they understand of a
	 * request
	 */
	public ParentEndpoints(ParentProcess parent, WebEndpointsSupplier own) {
		this.endpoints = SingletonSupplier.of(() -> ask(parent, own.getEndpoints()));
	}

	@Override
	public Collection<ExposableWebEndpoint> getEndpoints() {
		return this.endpoints.obtain();
	}

	private static Collection<ExposableWebEndpoint> ask(ParentProcess parent, Collection<ExposableWebEndpoint> own) {
		List<EndpointOffer> offers = parent.destination(EndpointOffer.DESTINATION)
			.call(new ParameterizedTypeReference<>() {
			});
		return offers.stream().<ExposableWebEndpoint>map((offer) -> endpoint(parent, offer, own)).toList();
	}

	private static ParentEndpoint endpoint(ParentProcess parent, EndpointOffer offer,
			Collection<ExposableWebEndpoint> own) {
		List<WebOperation> twins = own.stream()
			.filter((endpoint) -> endpoint.getEndpointId().toString().equals(offer.id()))
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.toList();
		return new ParentEndpoint(offer, offer.operations()
			.stream()
			.<WebOperation>map(
					(operation) -> new ParentOperation(parent, offer.id(), operation, formats(operation, twins)))
			.toList());
	}

	/** Return the types from which an operation chooses by the header {@code Accept}. */
	private static Set<Class<?>> formats(OperationOffer offer, List<WebOperation> twins) {
		return twins.stream()
			.filter((twin) -> twin.getRequestPredicate().equals(offer.predicate()))
			.filter(AbstractDiscoveredOperation.class::isInstance)
			.flatMap((twin) -> ((AbstractDiscoveredOperation) twin).getOperationMethod().getParameters().stream())
			.map(OperationParameter::getType)
			.filter(OperationRequest::isFormat)
			.collect(Collectors.toSet());
	}

	/**
	 * An endpoint of the parent.
	 */
	private record ParentEndpoint(EndpointOffer offer,
			Collection<WebOperation> operations) implements ExposableWebEndpoint {

		@Override
		public EndpointId getEndpointId() {
			return EndpointId.of(this.offer.id());
		}

		@Override
		public Access getDefaultAccess() {
			return this.offer.defaultAccess();
		}

		@Override
		public Collection<WebOperation> getOperations() {
			return this.operations;
		}

		@Override
		public String getRootPath() {
			return this.offer.rootPath();
		}

		@Override
		public List<String> getAdditionalPaths(WebServerNamespace namespace) {
			return WebServerNamespace.SERVER.equals(namespace) ? this.offer.additionalPaths() : List.of();
		}

	}

}
