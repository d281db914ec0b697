package io.jobstarter.sample.web;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.Configuration;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

	private final AdminTokenInterceptor adminToken;

	WebConfiguration(AdminTokenInterceptor adminToken) {
		this.adminToken = adminToken;
	}

	@Override
	public void addFormatters(FormatterRegistry registry) {
		// Boot's own conversions, which take "fail" for FAIL.
		ApplicationConversionService.configure(registry);
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this.adminToken);
	}

}
