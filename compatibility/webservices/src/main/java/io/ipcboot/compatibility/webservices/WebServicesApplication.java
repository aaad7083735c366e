package io.ipcboot.compatibility.webservices;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Document;
import org.w3c.dom.Element;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.ws.server.endpoint.annotation.Endpoint;
import org.springframework.ws.server.endpoint.annotation.PayloadRoot;
import org.springframework.ws.server.endpoint.annotation.RequestPayload;
import org.springframework.ws.server.endpoint.annotation.ResponsePayload;

/**
 * An application with an endpoint for SOAP.
 */
@SpringBootApplication
@Endpoint
public class WebServicesApplication {

	static final String NAMESPACE = "urn:greetings";

	public static void main(String[] args) {
		SpringApplication.run(WebServicesApplication.class, args);
	}

	@PayloadRoot(namespace = NAMESPACE, localPart = "greet")
	@ResponsePayload
	Element greet(@RequestPayload Element request) throws ParserConfigurationException {
		Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();
		Element response = document.createElementNS(NAMESPACE, "greeting");
		response.setTextContent("Hello " + request.getTextContent() + " " + ProcessHandle.current().pid());
		return response;
	}

}
