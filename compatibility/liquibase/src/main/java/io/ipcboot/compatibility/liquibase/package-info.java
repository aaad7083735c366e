@NullMarked
package io.ipcboot.compatibility.liquibase;

import org.jspecify.annotations.NullMarked;
