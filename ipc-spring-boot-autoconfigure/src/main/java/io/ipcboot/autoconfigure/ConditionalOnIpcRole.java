package io.ipcboot.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.ipcboot.IpcRole;
import org.springframework.context.annotation.Conditional;

/**
 * Restricts a bean to the parent or to workers. The role is known as soon as the JVM
 * starts. With ahead-of-time processing, conditions are evaluated at build time, when
 * every process is a parent; inject {@link IpcRole} there instead.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnIpcRoleCondition.class)
public @interface ConditionalOnIpcRole {

	/**
	 * The role in which the bean exists.
	 * @return the role
	 */
	IpcRole value();

}
