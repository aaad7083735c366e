package io.ipcboot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Condition that checks whether this process serves the application's port.
 */
class OnServingProcessCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean serving = ServingProcess.isThis(context.getEnvironment());
		return new ConditionOutcome(serving,
				ConditionMessage.forCondition("Serving process")
					.because(serving ? "'ipc.server.share' is set"
							: "'ipc.server.share' is not set, or this process is not in the pool that serves"));
	}

}
