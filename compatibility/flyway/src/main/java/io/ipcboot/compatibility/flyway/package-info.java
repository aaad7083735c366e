@NullMarked
package io.ipcboot.compatibility.flyway;

import org.jspecify.annotations.NullMarked;
