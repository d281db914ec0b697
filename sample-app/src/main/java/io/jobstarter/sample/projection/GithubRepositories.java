package io.jobstarter.sample.projection;

import java.util.Optional;

import jakarta.persistence.LockModeType;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;

interface GithubRepositories extends JpaRepository<GithubRepository, Long> {

	@Lock(LockModeType.PESSIMISTIC_WRITE)
	Optional<GithubRepository> findWithLockById(Long id);

}
