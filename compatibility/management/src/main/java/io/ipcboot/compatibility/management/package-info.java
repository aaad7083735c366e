@NullMarked
package io.ipcboot.compatibility.management;

import org.jspecify.annotations.NullMarked;
