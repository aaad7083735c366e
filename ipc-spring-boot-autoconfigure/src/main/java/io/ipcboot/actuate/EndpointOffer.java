package io.ipcboot.actuate;

import java.util.Collection;
import java.util.List;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.WebOperationRequestPredicate;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;

/**
 * A web endpoint of the parent, as the parent describes it to a worker.
 *
 * @param id the id of the endpoint
 * @param defaultAccess the access that is permitted by default
 * @param rootPath the path of the endpoint
 * @param additionalPaths more paths on the port of the application
 * @param operations the operations that are exposed and permitted
 */
record EndpointOffer(String id, Access defaultAccess, String rootPath, List<String> additionalPaths,
		List<OperationOffer> operations) {

	/** The destination where workers ask for the endpoints. */
	static final String DESTINATION = "ipc.endpoints.offers";

	static EndpointOffer of(ExposableWebEndpoint endpoint) {
		return new EndpointOffer(endpoint.getEndpointId().toString(), endpoint.getDefaultAccess(),
				endpoint.getRootPath(), endpoint.getAdditionalPaths(WebServerNamespace.SERVER),
				endpoint.getOperations().stream().map(OperationOffer::of).toList());
	}

	/**
	 * An operation of an endpoint.
	 *
	 * @param id the id of the operation, which another one may have too
	 * @param type the kind of operation
	 * @param method the HTTP method
	 * @param path the path
	 * @param consumes the media types that the operation reads
	 * @param produces the media types that the operation writes
	 */
	record OperationOffer(String id, OperationType type, WebEndpointHttpMethod method, String path,
			List<String> consumes, List<String> produces) {

		static OperationOffer of(WebOperation operation) {
			WebOperationRequestPredicate predicate = operation.getRequestPredicate();
			return new OperationOffer(operation.getId(), operation.getType(), predicate.getHttpMethod(),
					predicate.getPath(), copy(predicate.getConsumes()), copy(predicate.getProduces()));
		}

		private static List<String> copy(Collection<String> types) {
			return List.copyOf(types);
		}

		WebOperationRequestPredicate predicate() {
			return new WebOperationRequestPredicate(this.path, this.method, this.consumes, this.produces);
		}

	}

}
