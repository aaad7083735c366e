/**
 * Spring Boot: properties, auto-configuration and the start of a worker.
 */
@NullMarked
package io.ipcboot.autoconfigure;

import org.jspecify.annotations.NullMarked;
