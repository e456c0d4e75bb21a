@echo off
rem Starts MMCT. Settings for the Java machine go into MMCT_JAVA_OPTS, such as -Xmx8g.
setlocal EnableExtensions DisableDelayedExpansion

for %%I in ("%~dp0..") do set "home=%%~fI"

rem Java 25: JAVA_HOME, then where its installers put it, then the path.
set "java="
if defined JAVA_HOME call :try "%JAVA_HOME%"
for /f "tokens=1* delims==" %%A in ('set JAVA_HOME_25 2^>nul') do if not defined java call :try "%%B"
for %%R in ("%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%ProgramFiles%\Amazon Corretto" "%LOCALAPPDATA%\Programs\Eclipse Adoptium" "%USERPROFILE%\.jdks") do (
  for /d %%J in ("%%~R\*25*") do if not defined java call :try "%%~J"
)
for %%J in (java.exe) do if not defined java if not "%%~$PATH:J"=="" call :try "%%~dp$PATH:J.."
if not defined java (
  >&2 echo mmct: needs Java 25 but found none; install one or set JAVA_HOME to it
  exit /b 1
)

rem Idle threads of the native libraries sleep rather than spin, and nothing is sent or fetched.
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=PASSIVE"
set "ORT_DISABLE_TELEMETRY=1"
set "OPT_OUT_TRACKING=true"
set "DJL_OFFLINE=true"

rem The native libraries lie here unpacked, so that none is written anywhere else. A libtorch of the
rem environment comes before (docs/gpu.md).
set "natives=%home%\lib\native"
set "torch=-DPYTORCH_LIBRARY_PATH="%natives%\pytorch" -DPYTORCH_FLAVOR=cpu"
if defined PYTORCH_LIBRARY_PATH set "torch="
if "%MMCT_LIBTORCH%"=="fetch" (
  set "DJL_OFFLINE=false"
  set "torch="
)
if defined torch if not exist "%natives%\pytorch\torch.dll" (
  >&2 echo mmct: %natives% holds no native libraries for this system; fetch the package that is made for it
  exit /b 1
)
set "onnxruntime="
if exist "%natives%\onnxruntime\" set "onnxruntime=-Donnxruntime.native.path="%natives%\onnxruntime""

rem Java keeps figures about itself in the temporary folder unless told not to.
"%java%" -XX:+PerfDisableSharedMem ^
  --sun-misc-unsafe-memory-access=allow ^
  --enable-native-access=ai.djl.api,ai.djl.pytorch_engine,com.microsoft.onnxruntime,com.sun.jna,mmct.api,mmct.vision ^
  "-Dmmct.home=%home%" ^
  %torch% ^
  %onnxruntime% ^
  "-Djna.boot.library.path=%natives%\jna" ^
  %MMCT_JAVA_OPTS% ^
  -p "%home%\lib\modules" -cp "%natives%" ^
  -m mmct.cli/mmct.cli.Main %*
exit /b %ERRORLEVEL%

rem Takes a Java whose release file says that it is a 25.
:try
if defined java exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
findstr /b /r /c:"JAVA_VERSION=.25[.\"]" "%~1\release" >nul 2>nul && set "java=%~1\bin\java.exe"
exit /b 0
