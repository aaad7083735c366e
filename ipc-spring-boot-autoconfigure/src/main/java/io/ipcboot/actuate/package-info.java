/**
 * Pools in Actuator: the endpoint {@code ipc}, health and meters.
 */
@NullMarked
package io.ipcboot.actuate;

import org.jspecify.annotations.NullMarked;
