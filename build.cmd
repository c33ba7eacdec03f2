:; exec "$(dirname "$0")/build.sh" "$@" # comment out the carriage return
@echo off
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0build.ps1" %*
exit /b %ERRORLEVEL%
