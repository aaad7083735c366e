@NullMarked
package io.ipcboot.compatibility.integration;

import org.jspecify.annotations.NullMarked;
