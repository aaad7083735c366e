package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

/**
 * Keeps {@code SpringApplication.run} from returning in a worker before the worker
 * leaves, as many main methods end the application then. The application's runners are
 * not called, since they are the main job of the parent.
 */
class WorkerRun implements SpringApplicationRunListener, Ordered {

	private final SpringApplication application;

	private final String[] arguments;

	private final RunnerSuppression runners = new RunnerSuppression();

	WorkerRun(SpringApplication application, String[] arguments) {
		this.application = application;
		this.arguments = arguments;
	}

	@Override
	public void starting(ConfigurableBootstrapContext bootstrapContext) {
		ApplicationRuns.starting();
	}

	@Override
	public void started(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
		if (IpcRole.current() != IpcRole.WORKER || WorkerSettings.RUNNERS.isKept(context.getEnvironment())) {
			return;
		}
		WorkerReadiness readiness = readiness(context);
		if (readiness != null) {
			context.publishEvent(new ApplicationReadyEvent(this.application, this.arguments, context, timeTaken));
			AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			readiness.reportAndStay();
		}
		this.runners.hide(context);
	}

	@Override
	public void ready(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
		if (IpcRole.current() != IpcRole.WORKER) {
			return;
		}
		this.runners.show(context);
		WorkerReadiness readiness = readiness(context);
		if (readiness != null) {
			readiness.reportAndStay();
		}
		if (WorkerEnvironmentPostProcessor.isElsewhere(context.getEnvironment())) {
			endWith(Thread.currentThread());
		}
	}

	private static @Nullable WorkerReadiness readiness(ConfigurableApplicationContext context) {
		return ApplicationRuns.isOutermost() ? context.getBeanProvider(WorkerReadiness.class).getIfAvailable() : null;
	}

	/** The run that this worker is for may never come, and others keep this JVM. */
	private static void endWith(Thread main) {
		FailedStart.endJvmAfter(main, Duration.ZERO, () -> {
			try {
				ParentProcess.connect()
					.leave("The main method has ended, but has not started the context to which the pool of this "
							+ "worker belongs. A worker runs the same main method as its parent, which has to start the "
							+ "same contexts in the same order");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
