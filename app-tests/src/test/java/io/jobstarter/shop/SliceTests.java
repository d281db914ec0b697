package io.jobstarter.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.jobstarter.JobClient;
import io.jobstarter.shop.SliceTests.Slice;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.worker.JobWorker;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.jdbc.AutoConfigureJdbc;
import org.springframework.boot.test.autoconfigure.jdbc.AutoConfigureTestDatabase;
import org.springframework.boot.test.autoconfigure.jdbc.AutoConfigureTestDatabase.Replace;
import org.springframework.boot.test.autoconfigure.jdbc.JdbcTest;
import org.springframework.boot.test.autoconfigure.orm.jpa.DataJpaTest;
import org.springframework.boot.test.autoconfigure.orm.jpa.TestEntityManager;
import org.springframework.boot.test.autoconfigure.web.servlet.WebMvcTest;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.MockMvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

/**
 * Slices of the shop: the starter on the class path neither breaks one nor starts a
 * worker in it.
 */
class SliceTests {

	private static final String WITH_JPA = "spring.autoconfigure.exclude=";

	@Nested
	@DataJpaTest(properties = WITH_JPA)
	class OfJpa implements Slice {

		@Autowired
		private CustomerRepository customers;

		@Autowired
		private TestEntityManager entities;

		@Test
		void savesACustomer() {
			this.customers.save(new Customer("Ada"));
			assertThat(this.entities.find(Customer.class, "Ada")).isNotNull();
		}

	}

	@Nested
	@DataJpaTest(properties = { WITH_JPA, "spring.jpa.hibernate.ddl-auto=update" })
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	class OfJpaOnADatabaseThatHoldsTables extends OnPostgres implements Slice {

		@Test
		void savesACustomer(@Autowired CustomerRepository customers) {
			customers.saveAndFlush(new Customer("Ada"));
			assertThat(customers.count()).isOne();
		}

	}

	@Nested
	@JdbcTest
	class OfJdbc implements Slice {

		@Test
		void asksTheDatabase(@Autowired JdbcClient database) {
			assertThat(database.sql("select 1").query(Integer.class).single()).isOne();
		}

	}

	@Nested
	@JdbcTest
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	class OfJdbcOnADatabaseThatHoldsTables extends OnPostgres implements Slice {

		@Test
		void asksTheDatabase(@Autowired JdbcClient database) {
			assertThat(database.sql("select count(*) from legacy").query(Integer.class).single()).isZero();
		}

	}

	@Nested
	@WebMvcTest(CustomerController.class)
	class OfTheWeb implements Slice {

		@MockitoBean
		private Registration registration;

		@Test
		void registersACustomer(@Autowired MockMvc mvc) throws Exception {
			mvc.perform(post("/customers/Ada")).andExpect(status().isOk());
			verify(this.registration).register("Ada");
		}

	}

	// MyBatis imports what this file names, as Spring Boot's own slices do.
	@Test
	void knowsTheSliceOfMyBatis() throws IOException {
		assertThat(imports("org.mybatis.spring.boot.test.autoconfigure.AutoConfigureMybatis"))
			.isEqualTo(imports(AutoConfigureJdbc.class.getName()))
			.contains("io.jobstarter.autoconfigure.FlywayBackOffAutoConfiguration");
	}

	private static String imports(String slice) throws IOException {
		Resource[] files = new PathMatchingResourcePatternResolver()
			.getResources("classpath*:META-INF/spring/" + slice + ".imports");
		return Stream.of(files).filter(SliceTests::isOurs).map(SliceTests::text).collect(Collectors.joining());
	}

	private static boolean isOurs(Resource file) {
		return text(file).contains("io.jobstarter.");
	}

	private static String text(Resource file) {
		try {
			return file.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What holds in every slice.
	 */
	interface Slice {

		@Test
		default void runsNoJobs(@Autowired ApplicationContext context) {
			assertThat(context.getBeanNamesForType(JobWorker.class)).isEmpty();
			assertThat(context.getBeanNamesForType(JobClient.class)).isEmpty();
		}

	}

	/**
	 * A slice on a database with a table that no migration knows.
	 */
	abstract static class OnPostgres {

		private static final String URL = databaseWithATable();

		@DynamicPropertySource
		static void database(DynamicPropertyRegistry registry) {
			registry.add("spring.datasource.url", () -> URL);
			registry.add("spring.datasource.username", () -> "postgres");
			registry.add("spring.datasource.password", () -> "postgres");
		}

		private static String databaseWithATable() {
			String url = EmbeddedPostgres.shared().createDatabase();
			JdbcClient.create(new DriverManagerDataSource(url, "postgres", "postgres"))
				.sql("create table legacy (id int)")
				.update();
			return url;
		}

	}

}
