package io.ipcboot.autoconfigure;

import io.ipcboot.IpcRole;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Condition that checks the role of this process.
 */
class OnIpcRoleCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		IpcRole wanted = metadata.getAnnotations().get(ConditionalOnIpcRole.class).getEnum("value", IpcRole.class);
		ConditionMessage message = ConditionMessage.forCondition(ConditionalOnIpcRole.class)
			.because("this process is a " + IpcRole.current());
		return new ConditionOutcome(wanted == IpcRole.current(), message);
	}

}
