package io.ipcboot.actuate;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/**
 * {@link WebEndpoint @WebEndpoint} for a page that shows in a browser what
 * {@link IpcEndpoint} tells, and lets the user act on it if that endpoint permits it. The
 * page is the same for everybody: it asks the endpoint {@code ipc} for all data.
 */
@WebEndpoint(id = "ipcpage", defaultAccess = Access.READ_ONLY)
public class IpcPageEndpoint {

	private final Resource page = new ClassPathResource("ipcpage.html", IpcPageEndpoint.class);

	/**
	 * Return the page.
	 * @return a page that loads nothing else
	 */
	@ReadOperation(produces = "text/html;charset=UTF-8")
	public Resource page() {
		return this.page;
	}

}
