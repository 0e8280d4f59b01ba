@echo off
setlocal
set "main=%~dp0main.cjs"
if not exist "%main%" set "main=%~dp0main.ts"
set "node=node"
if exist "%~dp0..\..\..\.bin\node.exe" set "node=%~dp0..\..\..\.bin\node.exe"
if exist "%~dp0..\..\node_modules\.bin\node.exe" set "node=%~dp0..\..\node_modules\.bin\node.exe"
set "major=0"
for /f "tokens=1 delims=v." %%m in ('""%node%" --version"') do set "major=%%m"
if %major% LSS 24 (
  echo gatewright-native needs Node 24.19 or newer, %node% is not: run "npm install" in the project, which brings one. 1>&2
  exit /b 1
)
"%node%" "%main%" %*
