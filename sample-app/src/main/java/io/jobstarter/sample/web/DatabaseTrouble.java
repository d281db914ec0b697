package io.jobstarter.sample.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers 503 when the database fails: nothing was stored, and the sender may come again.
 */
@RestControllerAdvice
class DatabaseTrouble {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseTrouble.class);

	@ExceptionHandler({ DataAccessException.class, TransactionException.class })
	ResponseEntity<ProblemDetail> unavailable(RuntimeException ex) {
		logger.warn("A request was refused because of the database", ex);
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"The database does not answer. Nothing was stored; please try again.");
		return ResponseEntity.of(problem).header(HttpHeaders.RETRY_AFTER, "30").build();
	}

}
