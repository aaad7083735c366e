package io.ipcboot.demo.thumbnails;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.Configuration;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Parses request parameters as leniently as configuration properties: {@code how=exit}.
 */
@Configuration(proxyBeanMethods = false)
class ParameterConversion implements WebMvcConfigurer {

	@Override
	public void addFormatters(FormatterRegistry registry) {
		ApplicationConversionService.configure(registry);
	}

}
