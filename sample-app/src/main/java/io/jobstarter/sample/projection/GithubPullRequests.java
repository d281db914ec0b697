package io.jobstarter.sample.projection;

import java.util.Optional;

import jakarta.persistence.LockModeType;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;

interface GithubPullRequests extends JpaRepository<GithubPullRequest, Long> {

	@Lock(LockModeType.PESSIMISTIC_WRITE)
	Optional<GithubPullRequest> findWithLockById(Long id);

}
