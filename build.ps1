# Runs the build program build/_build.csproj with the given arguments, compiling it first if its sources changed.
# The same steps as build.sh, which has the reasons: change both. ASCII only, for Windows PowerShell 5.1.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_CLI_UI_LANGUAGE = 'en' # what dotnet says is read below, and by the target Test
$env:DOTNET_NOLOGO = '1'
$env:NUKE_TELEMETRY_OPTOUT = '1'

$root = $PSScriptRoot
$temp = "$root/.nuke/temp"
$probe = "$temp/engine-probe"
$dotnet = 'dotnet'

function Say($text) { [Console]::Error.WriteLine($text) }

function Fail($text) { Say $text; exit 1 }

function Read-Line($path) {
    if ([IO.File]::Exists($path)) { [IO.File]::ReadAllText($path).Trim() } else { '' }
}

# Windows PowerShell loses empty arguments and inner quotes when it starts a program, so we write the command line.
function Format-CommandLine($arguments) {
    $quoted = foreach ($argument in $arguments) {
        $text = if ($argument -is [array]) { $argument -join ',' } else { "$argument" }
        if ($text -ne '' -and $text -notmatch '[\s"]') { $text }
        else { '"' + ($text -replace '(\\*)"', '$1$1\"' -replace '(\\+)\z', '$1$1') + '"' }
    }
    $quoted -join ' '
}

# Starts dotnet as the current console's program: it has our input, output and Ctrl+C. Gives its exit code.
function Invoke-Program($arguments) {
    $start = [Diagnostics.ProcessStartInfo]::new($script:dotnet, (Format-CommandLine $arguments))
    $start.UseShellExecute = $false
    $start.WorkingDirectory = $ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath
    $process = [Diagnostics.Process]::Start($start)
    $process.WaitForExit()
    $process.ExitCode
}

# Starts dotnet as a tool in a folder, without input. Gives its exit code and what it printed.
function Invoke-Tool($folder, $arguments) {
    $start = [Diagnostics.ProcessStartInfo]::new($script:dotnet, (Format-CommandLine $arguments))
    $start.UseShellExecute = $false
    $start.WorkingDirectory = $folder
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $errors = $process.StandardError.ReadToEndAsync()
    $text = $process.StandardOutput.ReadToEnd() + $errors.Result
    $process.WaitForExit()
    @{ ExitCode = $process.ExitCode; Text = $text.TrimEnd() }
}

function Use-InstalledSdk {
    foreach ($name in 'dotnet.exe', 'dotnet') {
        if ([IO.File]::Exists("$temp/dotnet/$name")) {
            $script:dotnet = "$temp/dotnet/$name"
            $env:DOTNET_ROOT = "$temp/dotnet"
            $env:PATH = "$temp/dotnet" + [IO.Path]::PathSeparator + $env:PATH
        }
    }
}

function Find-Sources($folder) {
    [IO.Directory]::GetFiles($folder)
    foreach ($inner in [IO.Directory]::GetDirectories($folder)) {
        if ('bin', 'obj' -notcontains [IO.Path]::GetFileName($inner)) { Find-Sources $inner }
    }
}

# One line for all that the program is compiled from: paths and contents, never time stamps. Contents are read at each
# start: .NET does not tell the change time by which build.sh knows that they need not be.
function Get-Fingerprint {
    $files = [Collections.Generic.List[string]]::new()
    foreach ($folder in 'build', 'src') {
        if ([IO.Directory]::Exists("$root/$folder")) { $files.AddRange([string[]]@(Find-Sources "$root/$folder")) }
    }
    $files.AddRange([IO.Directory]::GetFiles($root, 'Directory.*'))
    foreach ($name in 'build.ps1', 'global.json', 'nuget.config', '.editorconfig') {
        if ([IO.File]::Exists("$root/$name")) { $files.Add("$root/$name") }
    }
    $files.Sort([StringComparer]::Ordinal)
    $sha256 = [Security.Cryptography.SHA256]::Create()
    $lines = foreach ($file in $files) {
        $stream = [IO.File]::Open($file, 'Open', 'Read', 'ReadWrite, Delete')
        try { [BitConverter]::ToString($sha256.ComputeHash($stream)) + ' ' + $file.Substring($root.Length) }
        finally { $stream.Dispose() }
    }
    [BitConverter]::ToString($sha256.ComputeHash([Text.Encoding]::UTF8.GetBytes($lines -join "`n"))).Replace('-', '')
}

# Nothing in a repository that names none: it is built with the other host.
function Get-NukeVersion {
    $entry = '"Nuke\.Common" Version="([^"]+)"'
    $found = [regex]::Match([IO.File]::ReadAllText("$root/Directory.Packages.props"), $entry)
    if ($found.Success) { $found.Groups[1].Value }
}

# The engine and why, without asking anybody; nothing when only the package feed can tell.
function Get-KnownEngine {
    $engine = $env:BUILD_ENGINE
    $why = 'BUILD_ENGINE says so'
    if (-not $engine) {
        $engine = Read-Line "$temp/engine"
        $why = 'remembered; forget with: rm .nuke/temp/engine'
    }
    if (-not $engine -and -not (Get-NukeVersion)) {
        $engine = 'compat'
        $why = 'Directory.Packages.props names no Nuke.Common'
    }
    if (-not $engine) {
        $packages = $env:NUGET_PACKAGES
        if (-not $packages) { $packages = [Environment]::GetFolderPath('UserProfile') + '/.nuget/packages' }
        if (-not [IO.File]::Exists("$packages/nuke.common/$(Get-NukeVersion)/.nupkg.metadata")) { return }
        $engine = 'nuke'
        $why = 'found in the package cache'
    }
    if ('nuke', 'fallout', 'compat' -cnotcontains $engine) {
        Fail ("Build engine '$engine' is not known; expected nuke, fallout or compat. It comes from " +
            'the environment variable BUILD_ENGINE or from the file .nuke/temp/engine: correct or remove it.')
    }
    @{ Engine = $engine; Why = $why }
}

# Restores a project that needs nothing but Nuke.Common. Only a clear yes or no of the feed is remembered.
function Request-Engine {
    $version = Get-NukeVersion
    [IO.Directory]::CreateDirectory($probe) | Out-Null
    [IO.File]::Delete("$probe/unanswered")
    foreach ($props in 'Directory.Build.props', 'Directory.Build.targets', 'Directory.Packages.props') {
        [IO.File]::WriteAllText("$probe/$props", '<Project />')
    }
    [IO.File]::WriteAllText("$probe/probe.csproj", @"
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="Nuke.Common" Version="[$version]" /></ItemGroup>
</Project>
"@)
    $tries = $env:NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT
    $env:NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT = '3'
    $answer = Invoke-Tool $probe @('restore', 'probe.csproj', '--nologo', '-v', 'quiet', '-tl:off')
    $env:NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT = $tries
    if ($answer.ExitCode -eq 0) {
        [IO.File]::WriteAllText("$temp/engine", "nuke`n")
        return @{ Engine = 'nuke'; Why = 'the package feed has it; asked once, forget with: rm .nuke/temp/engine' }
    }
    if ($answer.Text -notmatch 'NU1301' -and $answer.Text -match 'NU110[12]') {
        [IO.File]::WriteAllText("$temp/engine", "compat`n")
        $why = "the package feed has no Nuke.Common $version; asked once, forget with: rm .nuke/temp/engine"
        return @{ Engine = 'compat'; Why = $why }
    }
    [IO.File]::WriteAllText("$probe/unanswered", '')
    $because = ($answer.Text -replace '(?s)^.*?error ', '' -split '\r?\n')[0]
    $why = "for now, asked again at the next compile: the package feed did not answer, $because"
    @{ Engine = 'compat'; Why = $why }
}

# Holds compile.lock alone; Windows lets go when the holder dies, so a lock is never stale.
function Enter-CompileLock {
    $said = $false
    while ($true) {
        try { return [IO.File]::Open("$temp/compile.lock", 'OpenOrCreate', 'ReadWrite', 'None') }
        catch [IO.IOException] {
            if (-not $said) { Say 'another build is compiling in this checkout; waiting for it' }
            $said = $true
            [Threading.Thread]::Sleep(200)
        }
    }
}

# The SDK that global.json asks for: from PATH, else downloaded beside the build.
function Confirm-Sdk {
    try { if ((Invoke-Tool $root @('--version')).ExitCode -eq 0) { return } }
    catch [ComponentModel.Win32Exception] { } # there is no dotnet at all
    $found = [regex]::Match([IO.File]::ReadAllText("$root/global.json"), '"version"[^"]*"([0-9]+\.[0-9]+)')
    if (-not $found.Success) { Fail 'global.json names no SDK version. Write one as "version": "10.0.100".' }
    $channel = $found.Groups[1].Value
    Say "no .NET SDK $channel on PATH that satisfies global.json; installing one to .nuke/temp/dotnet"
    foreach ($folder in "$temp/dotnet", "$temp/dotnet.partial") {
        if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
    }
    try {
        [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
        [Net.WebClient]::new().DownloadFile('https://dot.net/v1/dotnet-install.ps1', "$temp/dotnet-install.ps1")
        & "$temp/dotnet-install.ps1" -Channel $channel -InstallDir "$temp/dotnet.partial" -NoPath
        [IO.Directory]::Move("$temp/dotnet.partial", "$temp/dotnet")
    }
    catch {
        Say $_.Exception.Message
        Fail ("The .NET SDK $channel could not be downloaded. Install it (https://dotnet.microsoft.com/download) " +
            "so that 'dotnet --version' in this folder prints $channel.x, then run the build again.")
    }
    Use-InstalledSdk
}

# The program looks for its root from the current folder upwards, which finds another or none from outside.
$here = (Get-Location).Path.Replace('\', '/') + '/'
if (-not $here.StartsWith($root.Replace('\', '/') + '/')) { $env:NUKE_ROOT = $root }

Use-InstalledSdk
$known = Get-KnownEngine
if (-not $known -and [IO.File]::Exists("$probe/unanswered")) { $known = @{ Engine = 'compat' } }
if ($known) {
    $program = "$root/.nuke/bin/$($known.Engine)"
    if ((Read-Line "$program/.built-from") -eq (Get-Fingerprint)) {
        exit (Invoke-Program (@("$program/_build.dll") + $args))
    }
}

[IO.Directory]::CreateDirectory($temp) | Out-Null
$lock = Enter-CompileLock
try {
    Confirm-Sdk
    $known = Get-KnownEngine
    if (-not $known) { $known = Request-Engine }
    $program = "$root/.nuke/bin/$($known.Engine)"
    $sources = Get-Fingerprint
    if ((Read-Line "$program/.built-from") -ne $sources) {
        $names = @{ nuke = 'Nuke.Common'; fallout = 'Fallout.Common'; compat = 'MLBuild.NukeCompat' }
        Say "build engine: $($names[$known.Engine]) ($($known.Why))"
        Say 'compiling build/_build.csproj'
        [IO.Directory]::CreateDirectory($program) | Out-Null
        [IO.File]::Delete("$program/.built-from")
        [IO.File]::Delete("$program/.completion")
        $compile = Invoke-Tool $root @('msbuild', 'build/_build.csproj', '-restore', '-p:Configuration=Release',
            "-p:BuildEngine=$($known.Engine)", "-p:OutputPath=$program/",
            '-p:ReadyToRun=true', '-v:quiet', '-nologo', '-tl:off')
        if ($compile.Text) { Say $compile.Text }
        if ($compile.ExitCode -ne 0) { Fail 'The build program does not compile, so nothing was run.' }
        [IO.File]::WriteAllText("$program/.built-from", "$sources`n")
    }
}
finally { $lock.Dispose() }
exit (Invoke-Program (@("$program/_build.dll") + $args))
