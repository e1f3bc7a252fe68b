// How a page looks: light and dark, wide and narrow.
extension Page {
  static let style = """
    :root{--ground:#f7f7f4;--panel:#ffffff;--line:#e3e3dc;--text:#1d1f24;--soft:#676b76;
    --quiet:#b9bcc6;--accent:#5b57d9;--grid:#ecece6;--shadow:0 1px 2px rgba(20,22,30,.05),
    0 8px 24px -16px rgba(20,22,30,.18)}
    @media (prefers-color-scheme:dark){:root{--ground:#101217;--panel:#171a21;--line:#272b35;
    --text:#e8e9ed;--soft:#9297a5;--quiet:#4b5060;--accent:#8f8bff;--grid:#232732;
    --shadow:none}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--ground);color:var(--text);
    font:15px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Inter,Roboto,
    "Helvetica Neue",Arial,sans-serif;font-feature-settings:"tnum","cv11"}
    main{max-width:1180px;margin:0 auto;padding:48px 24px 8px}
    footer{max-width:1180px;margin:0 auto;padding:16px 24px 48px;color:var(--soft);font-size:13px}
    h1{margin:0;font-size:34px;line-height:1.15;letter-spacing:-.022em;font-weight:680;
    overflow-wrap:anywhere}
    h2{margin:0 0 2px;font-size:18px;letter-spacing:-.012em;font-weight:640}
    h3{margin:26px 0 4px;font-size:14px;font-weight:640}
    .eyebrow{margin:0 0 6px;color:var(--accent);font-size:12px;font-weight:640;
    letter-spacing:.08em;text-transform:uppercase}
    .lead{margin:6px 0 0;color:var(--soft);font-size:16px}
    .note{margin:0 0 14px;color:var(--soft);font-size:13.5px}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(148px,1fr));gap:12px;
    margin:26px 0 0}
    .card{background:var(--panel);border:1px solid var(--line);border-radius:12px;
    padding:13px 15px 12px;box-shadow:var(--shadow)}
    .card b{display:block;font-size:23px;line-height:1.2;letter-spacing:-.02em;font-weight:660;
    white-space:nowrap}
    .card small{font-size:13px;font-weight:500;letter-spacing:0;color:var(--soft)}
    .card span{display:block;margin-top:2px;color:var(--soft);font-size:13px;line-height:1.35}
    .card.main{background:var(--accent);border-color:var(--accent);color:#fff}
    .card.main small,.card.main span{color:rgba(255,255,255,.82)}
    @media (prefers-color-scheme:dark){.card.main{background:#4a46c9;border-color:#4a46c9}}
    section,.reason{background:var(--panel);border:1px solid var(--line);border-radius:16px;
    padding:22px 24px 24px;margin:18px 0 0;box-shadow:var(--shadow);min-width:0}
    .reason{border-left:4px solid #d9a13b;padding:16px 20px}
    .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));
    gap:0 18px}
    .controls{display:flex;flex-wrap:wrap;gap:10px 14px;align-items:center;margin:0 0 14px}
    .choice{display:inline-flex;flex-wrap:wrap;background:var(--ground);padding:3px;gap:2px;
    border:1px solid var(--line);border-radius:10px}
    .choice label,.toggle{cursor:pointer;font-size:13.5px}
    .choice input,.toggle input{position:absolute;opacity:0;pointer-events:none}
    .choice span,.toggle span{display:block;padding:3px 11px;border-radius:7px;
    color:var(--soft);white-space:nowrap}
    .toggle span{border:1px solid var(--line);border-radius:10px;padding:6px 13px;
    background:var(--ground)}
    .choice input:checked+span{background:var(--panel);color:var(--text);
    box-shadow:0 1px 3px rgba(20,22,30,.16),0 0 0 1px var(--line)}
    .toggle input:checked+span{background:var(--accent);border-color:var(--accent);color:#fff}
    input:focus-visible+span,input[type=range]:focus-visible{outline:2px solid var(--accent);
    outline-offset:2px}
    .slide{display:inline-flex;align-items:center;gap:9px;margin-left:auto;font-size:13.5px;
    color:var(--soft)}
    .slide input{width:190px;accent-color:var(--accent);margin:0}
    .view{--blend:50%;position:relative;overflow:hidden;border-radius:10px;
    margin:0 auto;width:min(100%,calc(78vh*var(--shape)));
    background:repeating-conic-gradient(#cfcfcf 0 25%,#f1f1f1 0 50%) 0 0/18px 18px;
    touch-action:pan-y}
    .view img,.view svg{position:absolute;inset:0;width:100%;height:100%;display:block}
    .view img[hidden]{display:none}
    .view.pixels img{image-rendering:pixelated}
    .view.split .heat{clip-path:inset(0 0 0 calc(100% - var(--blend)))}
    .view.blend .heat{opacity:var(--blend)}
    .edge{display:none;position:absolute;top:0;bottom:0;left:calc(100% - var(--blend));width:2px;
    margin-left:-1px;background:#fff;box-shadow:0 0 0 1px rgba(0,0,0,.3);pointer-events:none}
    .view.split .edge{display:block}
    .tiles{visibility:hidden}
    .view.outlined .tiles{visibility:visible}
    .tiles rect{fill:rgba(0,0,0,.001);stroke-width:2;vector-effect:non-scaling-stroke}
    .tiles rect:hover{fill:rgba(255,255,255,.22)}
    .legend{display:grid;grid-template-columns:1fr minmax(190px,auto);gap:4px 22px;
    margin:16px auto 0;font-size:13px;color:var(--soft);
    font-variant-numeric:tabular-nums}
    .ramp{height:12px;border-radius:6px}
    .ticks{display:flex;justify-content:space-between;grid-row:2}
    .ticks span{width:0;display:flex;justify-content:center;white-space:nowrap}
    .ticks span:first-child{justify-content:flex-start}
    .ticks span:last-child{justify-content:flex-end}
    .legend output{grid-column:2;grid-row:1/3;align-self:center;text-align:right;
    color:var(--text)}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
    th{font-weight:500;text-align:left}
    thead th{color:var(--soft);font-size:12.5px;padding:4px 0 6px 18px}
    thead th:first-child,tbody th,td:first-child{padding-left:0!important}
    .num{text-align:right!important;white-space:nowrap}
    .bars td,.bars tbody th{padding:5px 0 5px 16px;font-size:14px}
    .bars tbody th{white-space:nowrap}
    .bars .track{width:100%;min-width:70px}
    .bar{display:block;height:11px;min-width:2px;border-radius:3px}
    .list td{padding:7px 0 7px 18px;border-top:1px solid var(--line);font-size:14px}
    .scroll{overflow-x:auto;max-height:520px}
    .list thead th{position:sticky;top:0;background:var(--panel)}
    .chip{display:inline-block;padding:1px 9px;border-radius:99px;font-size:12.5px;
    background:color-mix(in srgb,var(--chip) 16%,transparent);
    border:1px solid color-mix(in srgb,var(--chip) 55%,transparent)}
    .chart{display:block;width:100%;height:auto;font-size:12px}
    .chart text{fill:var(--soft);font-variant-numeric:tabular-nums}
    .chart .grid{stroke:var(--grid);stroke-width:1}
    .chart path{stroke:none}
    .key{display:flex;flex-wrap:wrap;gap:4px 18px;margin:12px 0 0;font-size:13px;
    color:var(--soft)}
    .key i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:7px;
    vertical-align:-1px}
    @media (max-width:640px){main{padding:28px 14px 4px}section{padding:18px 16px}h1{font-size:26px}
    .slide{margin-left:0}.legend{grid-template-columns:1fr}.legend output{grid-column:1;
    grid-row:3;text-align:left}}
    @media print{section,.card{box-shadow:none;break-inside:avoid}.controls{display:none}}
    """
}
