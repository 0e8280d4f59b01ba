@echo off
setlocal
set "node=node"
if exist "%~dp0..\..\..\.bin\node.exe" set "node=%~dp0..\..\..\.bin\node.exe"
if exist "%~dp0..\..\node_modules\.bin\node.exe" set "node=%~dp0..\..\node_modules\.bin\node.exe"
"%node%" "%~dp0start.mjs" %*
