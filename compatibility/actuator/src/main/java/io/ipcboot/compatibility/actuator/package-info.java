@NullMarked
package io.ipcboot.compatibility.actuator;

import org.jspecify.annotations.NullMarked;
