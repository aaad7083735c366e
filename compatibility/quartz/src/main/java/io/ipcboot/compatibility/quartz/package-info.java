@NullMarked
package io.ipcboot.compatibility.quartz;

import org.jspecify.annotations.NullMarked;
