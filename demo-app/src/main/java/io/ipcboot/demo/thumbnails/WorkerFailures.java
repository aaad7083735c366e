package io.ipcboot.demo.thumbnails;

import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.messaging.RemoteHandlerException;
import io.ipcboot.pool.PoolDegradedException;
import io.ipcboot.pool.PoolSaturatedException;
import io.ipcboot.pool.WorkerLostException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Explains to clients why a worker could not finish their request.
 */
@RestControllerAdvice
@ConditionalOnIpcRole(IpcRole.PARENT)
class WorkerFailures {

	private final StuckWorkers stuckWorkers;

	WorkerFailures(StuckWorkers stuckWorkers) {
		this.stuckWorkers = stuckWorkers;
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(WorkerLostException ex) {
		return unavailable("The worker died", ex, ex.getExit().describe());
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(CallTimeoutException ex) {
		if (ex.getPeer() == null) {
			return unavailable("No worker was free in time", ex);
		}
		this.stuckWorkers.kill(ex.getPeer());
		return unavailable("The worker took too long", ex, "was killed because it did not answer in time");
	}

	@ExceptionHandler({ PoolDegradedException.class, PoolSaturatedException.class })
	ResponseEntity<ProblemDetail> handle(IpcException ex) {
		return unavailable("No worker is free", ex);
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(RemoteHandlerException ex) {
		boolean unreadable = ex.getRemoteType().equals(UnreadablePhotoException.class.getName());
		HttpStatus status = unreadable ? HttpStatus.UNSUPPORTED_MEDIA_TYPE : HttpStatus.INTERNAL_SERVER_ERROR;
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, ex.getRemoteMessage());
		return ResponseEntity.of(problem).build();
	}

	private static ResponseEntity<ProblemDetail> unavailable(String title, IpcException ex) {
		return unavailable(title, ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, ex.getMessage()));
	}

	private static ResponseEntity<ProblemDetail> unavailable(String title, IpcException ex, String exit) {
		ProblemDetail problem = ProblemDetail.forStatus(HttpStatus.SERVICE_UNAVAILABLE);
		PeerId worker = ex.getPeer();
		if (worker != null) {
			problem.setDetail("The %s %s. Try again: another worker takes the next request.".formatted(worker, exit));
			problem.setProperty("pool", worker.pool());
			problem.setProperty("slot", worker.slot());
			problem.setProperty("pid", worker.pid());
		}
		problem.setProperty("exit", exit);
		return unavailable(title, problem);
	}

	private static ResponseEntity<ProblemDetail> unavailable(String title, ProblemDetail problem) {
		problem.setTitle(title);
		return ResponseEntity.of(problem).header(HttpHeaders.RETRY_AFTER, "1").build();
	}

}
