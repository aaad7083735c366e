package io.ipcboot.autoconfigure;

import java.lang.reflect.Modifier;

import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.core.env.Environment;

/**
 * Keeps the application's runners from running in every worker too: they are the parent's
 * main job. The beans stay what they are otherwise.
 */
class RunnerSuppression implements BeanPostProcessor {

	private final Environment environment;

	RunnerSuppression(Environment environment) {
		this.environment = environment;
	}

	@Override
	public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
		boolean runner = bean instanceof ApplicationRunner || bean instanceof CommandLineRunner;
		if (!runner || WorkerDefaults.RUNNERS.isKept(this.environment)) {
			return bean;
		}
		ProxyFactory factory = new ProxyFactory(bean);
		factory.setProxyTargetClass(!isFinal(bean.getClass()));
		factory
			.addAdvice((MethodInterceptor) (call) -> call.getMethod().getName().equals("run") ? null : call.proceed());
		return factory.getProxy(bean.getClass().getClassLoader());
	}

	private static boolean isFinal(Class<?> type) {
		return type.isHidden() || Modifier.isFinal(type.getModifiers());
	}

}
