package io.ipcboot.autoconfigure;

import io.ipcboot.ForkOptions;

/**
 * Changes how the workers of pools are forked, where properties cannot say it. Beans of
 * this type are called in a parent, in the order of
 * {@link org.springframework.core.annotation.Order}, once for each pool and before it is
 * started. A bean must not depend on {@link io.ipcboot.ChildProcessOperations}.
 */
@FunctionalInterface
public interface ForkOptionsCustomizer {

	/**
	 * Change the options of a pool.
	 * @param pool the name of the pool
	 * @param options what the properties of the pool and earlier customizers have set.
	 * The concurrency, the kill grace and the drain timeout stay those of the properties
	 * @throws IllegalArgumentException if the pool cannot be configured
	 */
	void customize(String pool, ForkOptions options);

}
