/**
 * Workers that serve the application's own HTTP port, in the profile "web".
 */
@NullMarked
package io.ipcboot.demo.web;

import org.jspecify.annotations.NullMarked;
