package io.ipcboot.actuate;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.ipcboot.actuate.IpcEndpoint.ActionDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} that tells what became of an action
 * by the status of the response, too: 200 if it has been done, 202 if it goes on, 404 if
 * there is no such pool, worker or entry, and 409 if it has failed.
 */
@EndpointWebExtension(endpoint = IpcEndpoint.class)
public class IpcEndpointWebExtension {

	private static final int ACCEPTED = 202;

	private static final int CONFLICT = 409;

	private static final int FORBIDDEN = 403;

	private static final int UNAVAILABLE = 503;

	private final IpcEndpoint delegate;

	/**
	 * Create the extension.
	 * @param delegate the endpoint
	 */
	public IpcEndpointWebExtension(IpcEndpoint delegate) {
		this.delegate = delegate;
	}

	/**
	 * Let a worker print its threads.
	 * @param pool the name of the pool
	 * @param slot the number of its slot
	 * @param threaddump the word {@code threaddump}
	 * @param caller who asks
	 * @return what the worker prints: 403 if output is not shown to the caller, 404 if
	 * there is no such worker, and 503 if the worker does not print it
	 */
	@ReadOperation(produces = "text/plain;charset=UTF-8")
	public WebEndpointResponse<String> threads(@Selector String pool, @Selector int slot, @Selector String threaddump,
			SecurityContext caller) {
		if (!"threaddump".equals(threaddump)) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		if (!this.delegate.showsOutputTo(caller)) {
			return new WebEndpointResponse<>("management.endpoint.ipc.show-output does not permit it\n", FORBIDDEN);
		}
		try {
			String threads = this.delegate.threads(pool, slot);
			return (threads != null) ? new WebEndpointResponse<>(threads)
					: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		catch (ExecutionException ex) {
			return new WebEndpointResponse<>(IpcEndpoint.firstLine(String.valueOf(ex.getCause())) + "\n", UNAVAILABLE);
		}
		catch (TimeoutException ex) {
			return new WebEndpointResponse<>("The worker has not printed its threads in time\n", UNAVAILABLE);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new WebEndpointResponse<>(UNAVAILABLE);
		}
	}

	/**
	 * Act on a pool.
	 * @param pool the name of the pool
	 * @param action {@code restart} or {@code resize}
	 * @param size the number of workers, to resize the pool
	 * @param caller who asks
	 * @return what became of it
	 */
	@WriteOperation
	public WebEndpointResponse<ActionDescriptor> changePool(@Selector String pool, String action,
			@Nullable Integer size, SecurityContext caller) {
		return response(this.delegate.changePool(pool, action, size, caller));
	}

	/**
	 * Act on one worker.
	 * @param pool the name of the pool
	 * @param slot the number of its slot
	 * @param action {@code drain}, {@code recycle} or {@code kill}
	 * @param caller who asks
	 * @return what became of it
	 */
	@WriteOperation
	public WebEndpointResponse<ActionDescriptor> changeWorker(@Selector String pool, @Selector int slot, String action,
			SecurityContext caller) {
		return response(this.delegate.changeWorker(pool, slot, action, caller));
	}

	/**
	 * Release a message from quarantine.
	 * @param pool the name of the pool
	 * @param quarantine the word {@code quarantine}
	 * @param id the id of the entry
	 * @param caller who asks
	 * @return what became of it
	 */
	@DeleteOperation
	public WebEndpointResponse<ActionDescriptor> release(@Selector String pool, @Selector String quarantine,
			@Selector String id, SecurityContext caller) {
		return response(this.delegate.release(pool, quarantine, id, caller));
	}

	private static WebEndpointResponse<ActionDescriptor> response(@Nullable ActionDescriptor action) {
		if (action == null) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		return new WebEndpointResponse<>(action, switch (action.outcome()) {
			case DONE -> WebEndpointResponse.STATUS_OK;
			case UNDER_WAY -> ACCEPTED;
			case NOT_FOUND -> WebEndpointResponse.STATUS_NOT_FOUND;
			case FAILED -> CONFLICT;
		});
	}

}
